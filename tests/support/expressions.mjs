// GitHub's own evaluator of workflow expressions: reads a JSON list of {expression, context, status}
// from stdin and writes the list of their values. `status` stands behind the functions success(),
// failure() and cancelled(). Usage: node expressions.mjs NODE_MODULES
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { Lexer, Parser, Evaluator, data } = await import(
  join(process.argv[2], "@actions/expressions/dist/index.js")
);

const toData = (value) => {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "string") return new data.StringData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(
    ...Object.entries(value).map(([key, one]) => ({ key, value: toData(one) })),
  );
};

const told = (name, value) => ({
  name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value),
});

const evaluate = ({ expression, context, status }) => {
  const functions = [
    told("always", true),
    told("success", status === "success"),
    told("failure", status === "failure"),
    told("cancelled", status === "cancelled"),
  ];
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(context), functions).parse();
  const known = new Map(functions.map((one) => [one.name, one]));
  const value = new Evaluator(parsed, toData(context), known).evaluate();
  return value.kind === data.Kind.Boolean ? value.value : value.coerceString();
};

const requests = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(requests.map(evaluate)));
