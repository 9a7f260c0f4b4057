// Makes the site small: the script beside the WASM is minified, and what is served is compressed once
// here and not for every visitor. cargo-leptos can do both, but is built plainly (see tools.sh), so
// that it would take minutes on each build.
import { transformSync } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const site = process.argv[2];
const worth = /\.(css|html|js|json|mjs|svg|txt|wasm|webmanifest)$/;

const pkg = join(site, "pkg");
for (const name of readdirSync(pkg).filter((name) => name.endsWith(".js"))) {
  const script = readFileSync(join(pkg, name), "utf8");
  writeFileSync(join(pkg, name), transformSync(script, { minify: true, format: "esm", target: "es2022" }).code);
}

let before = 0;
let after = 0;

for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !worth.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const content = readFileSync(file);
  const brotli = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  before += content.length;
  after += brotli.length;
}

const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;
console.log(`set-up: site … ${kib(before)}, ${kib(after)} in brotli`);
