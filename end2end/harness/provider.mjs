// A real OpenID Connect provider, as a program of its own: it says where it is on its first line and ends
// with its standard input. Whoever signs in is who they say; a name that begins with "ops" is in that group.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [watcher, secret] = process.argv.slice(2);
const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const page = (title, form) =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,"></head>` +
  `<body><main><h1>${title}</h1>${form}</main></body></html>`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "docker-watcher",
      client_secret: secret,
      redirect_uris: [`${watcher}/api/auth/oidc/callback`],
      post_logout_redirect_uris: [`${watcher}/login`],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], profile: ["preferred_username"], groups: ["groups"] },
  cookies: { keys: ["only for a test"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, groups: [id.startsWith("ops") ? "ops" : "guests"] }),
  }),
  // Whoever signs in grants what is asked for.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email groups");
    await grant.save();
    return grant;
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        const button = '<button form="op.logoutForm" name="logout" value="yes">Sign out of the provider</button>';
        ctx.body = page("Leave the provider", form + button);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = page("You have left the provider", "");
      },
    },
  },
});

/** The one page of its own: who are you? */
async function ask(request, response) {
  if (request.method === "GET") {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    const input = '<label>Login <input name="login"></label>';
    const refuse = '<button name="refuse" value="yes">No</button>';
    response.end(page("The provider", `<form method="post">${input}<button>Go on</button>${refuse}</form>`));
    return;
  }
  let body = "";
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  const result = form.get("refuse")
    ? { error: "access_denied", error_description: "<b>no</b>" }
    : { login: { accountId: form.get("login") } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const answer = provider.callback();
server.on("request", (request, response) => {
  if (request.url.startsWith("/interaction/")) ask(request, response).catch((error) => response.end(String(error)));
  else answer(request, response);
});
process.stdin.on("end", () => process.exit(0)).resume();
console.log(issuer);
