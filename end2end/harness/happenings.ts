// Things that happen, so that the event log has something to tell.
import { ADMIN, type Watcher } from "./watcher";

/** Somebody tries to come in with a password that is wrong. */
export async function failToSignIn(watcher: Watcher): Promise<void> {
  const answer = await fetch(`${watcher.url}/api/auth/login`, {
    method: "POST",
    body: JSON.stringify({ username: ADMIN.username, password: "this is not the password" }),
    headers: { "Content-Type": "application/json" },
  });
  if (answer.status !== 401) throw new Error(`a wrong password was answered with ${answer.status}`);
}

/** The admin makes an API token of this name: one line of the log. */
export async function makeToken(watcher: Watcher, session: string, name: string): Promise<{ id: string }> {
  return watcher.ask("/api/tokens", {
    method: "POST",
    body: JSON.stringify({ name, role: "viewer" }),
    headers: { Authorization: `Bearer ${session}`, "Content-Type": "application/json" },
  });
}

/** The admin makes tokens and takes them back, so that nothing is left of them but `count` pairs of lines. */
export async function makeLines(watcher: Watcher, session: string, name: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const { id } = await makeToken(watcher, session, `${name}-${n}`);
    await watcher.ask(`/api/tokens/${id}`, { method: "DELETE", headers: { Authorization: `Bearer ${session}` } });
  }
}
