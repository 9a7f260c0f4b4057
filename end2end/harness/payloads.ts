// What somebody would call a container to have a script of theirs run in our pages. Each calls `pwned` with
// its number, or asks a host of theirs for something, once it is taken for anything but text.

/** Where what an attacker's markup asks for would go. */
export const CANARY = "canary.invalid";

const image = (n: number) => `<img src=x onerror=pwned(${n}) data-xss>`;

const WRITTEN: ((n: number) => string)[] = [
  // Elements, with scripts and with handlers.
  (n) => `<script>pwned(${n})</script>`,
  image,
  (n) => `<svg onload=pwned(${n}) data-xss>`,
  (n) => `<svg><script>pwned(${n})</script></svg>`,
  (n) => `<ScRiPt/x>pwned(${n})</sCrIpT >`,
  (n) => `<body onload=pwned(${n}) data-xss>`,
  (n) => `<iframe srcdoc="<script>parent.pwned(${n})</script>" data-xss></iframe>`,
  (n) => `<iframe src="javascript:parent.pwned(${n})" data-xss></iframe>`,
  (n) => `<details open ontoggle=pwned(${n}) data-xss>x`,
  (n) => `<input autofocus onfocus=pwned(${n}) data-xss>`,
  (n) => `<video><source src=x onerror=pwned(${n}) data-xss></video>`,
  (n) => `<a href="javascript:pwned(${n})" data-xss>x</a>`,
  (n) => `<template shadowrootmode=open>${image(n)}</template>`,
  (n) => `\u202e<script>pwned(${n})</script>\u202c`,
  // Without a script: what it loads tells on the reader.
  (n) => `<img src=//${CANARY}/${n} data-xss>`,
  (n) => `<link rel=stylesheet href=//${CANARY}/${n} data-xss>`,
  (n) => `<embed src=//${CANARY}/${n} data-xss>`,
  (n) => `<meta http-equiv=refresh content="0;url=http://${CANARY}/${n}" data-xss>`,
  (n) => `<base href=//${CANARY}/${n}/ data-xss>`,
  // The ends of what text may stand in.
  (n) => `</script><script>pwned(${n})</script>`,
  (n) => `</title><script>pwned(${n})</script>`,
  (n) => `</textarea>${image(n)}`,
  (n) => `</noscript>${image(n)}`,
  (n) => `</style>${image(n)}`,
  (n) => `<!-->${image(n)}`,
  (n) => `-->${image(n)}`,
  (n) => `]]>${image(n)}`,
  // The ends of attributes, and more of them.
  (n) => `">${image(n)}`,
  (n) => `'>${image(n)}`,
  (n) => `x onerror=pwned(${n}) data-xss `,
  (n) => `" autofocus tabindex=0 onfocus="pwned(${n})" data-xss="`,
  // Addresses.
  (n) => `javascript:pwned(${n})`,
  (n) => `\tJaVa\tScRiPt:pwned(${n})`,
  // Text in scripts.
  (n) => `";pwned(${n});//`,
  (n) => `';pwned(${n});//`,
  (n) => `\\";pwned(${n});//`,
  (n) => `\u2028pwned(${n})//`,
  (n) => `\${pwned(${n})}`,
  // Templates of pages and of charts.
  (n) => `{{constructor.constructor('pwned(${n})')()}}`,
  (n) => `<%= pwned(${n}) %>`,
  (n) => `{b|${image(n)}}`,
  (n) => `{a}<br/>${image(n)}{c}`,
  // Styles.
  (n) => `;background:url(//${CANARY}/${n})`,
  (n) => `}body{background:url(//${CANARY}/${n})}`,
  // What becomes markup when something decodes it once too often.
  (n) => `&lt;img src=x onerror=pwned(${n}) data-xss&gt;`,
  (n) => `%3Cimg src=x onerror=pwned(${n}) data-xss%3E`,
  (n) => `\uff1cimg src=x onerror=pwned(${n}) data-xss\uff1e`,
];

/** Every payload; its place in the list is its number. */
export const PAYLOADS: string[] = WRITTEN.map((write, n) => write(n));

/** Those that an API token can be called: they are short and have no control characters. */
export const NAMES: string[] = PAYLOADS.filter((text) => text.trim() === text && text.length <= 64 && !/[\u0000-\u001f\u007f-\u009f]/.test(text));

/** A page that makes each mistake that there is to make with `text`. */
export function vulnerable(text: string): string {
  const quoted = text.replaceAll('"', '\\"');
  const json = JSON.stringify(text).replaceAll("<", "\\u003c");
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>${text}</title></head><body>
<p>${text}</p><p title="${text}"></p><p title='${text}'></p><img src=${text}><p style="color:red${text}"></p>
<style>p{color:red${text}</style><a href="${text}">x</a>
<script>var a = "${text}";</script><script>var b = '${text}';</script><script>var c = "${quoted}";</script>
<script>// ${text}
</script><script>var d = \`${text}\`;</script><textarea>${text}</textarea><noscript>${text}</noscript><!-- ${text} -->
<svg><![CDATA[${text}]]></svg><p id="decoded"></p><img src="relative.png">
<script>
  const text = ${json};
  const into = document.getElementById("decoded");
  const decode = (one) => { const area = document.createElement("textarea"); area.innerHTML = one; return area.value; };
  const undo = (one) => { try { return decodeURIComponent(one); } catch { return one; } };
  for (const html of [text, decode(text), undo(text), text.normalize("NFKC")]) into.insertAdjacentHTML("beforeend", html);
  for (const [, code] of text.matchAll(/(?:\\{\\{|<%=)(.*?)(?:\\}\\}|%>)/g)) try { (0, eval)("(0)." + code.trim()) } catch { try { (0, eval)(code) } catch {} }
</script></body></html>`;
}
