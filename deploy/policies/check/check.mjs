// Evaluates the expressions of ../admission and ../kyverno on the requests of cases.json, with a CEL engine
// (not an API server's: what that adds, such as namespace selectors, is not evaluated here). Prints a line a request; exit code 1 if one is wrong.
import { readFileSync } from "node:fs";
import { run } from "@bufbuild/cel";
import * as yaml from "js-yaml";

const read = path => yaml.loadAll(readFileSync(new URL(path, import.meta.url), "utf8"));
const admission = path => read(path)[0].spec;
const kyverno = read("../kyverno/policies.yaml").map(policy => policy.spec.rules[0])
  .map(rule => ({ matchConditions: rule.celPreconditions, variables: rule.validate.cel.variables, validations: rule.validate.cel.expressions }));

const map = value => Array.isArray(value) ? value.map(map)
  : value && typeof value === "object" ? new Map(Object.entries(value).map(([key, item]) => [key, map(item)])) : value;

function evaluate(expression, bindings) {
  const result = run(expression, bindings);
  if (typeof result !== "boolean") throw new Error(`${expression}: ${result}`);
  return result;
}

function verdict(spec, { object, oldObject = null, user = "alice", operation = "CREATE" }) {
  const bindings = { object: map(object), oldObject: map(oldObject), request: map({ operation, userInfo: { username: user } }), variables: new Map() };
  if (!(spec.matchConditions ?? []).every(condition => evaluate(condition.expression, bindings))) return "not judged";
  for (const variable of spec.variables ?? []) bindings.variables.set(variable.name, evaluate(variable.expression, bindings));
  return spec.validations.every(validation => evaluate(validation.expression, bindings)) ? "admitted" : "denied";
}

const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf8"));
let wrong = 0;
for (const [engine, secrets, scopes] of [["admission", admission("../admission/secrets.yaml"), admission("../admission/scopes.yaml")], ["kyverno", ...kyverno]]) {
  for (const [spec, requests] of [[secrets, cases.secrets], [scopes, cases.scopes]]) {
    for (const { name: what, expected, ...request } of requests) {
      const found = verdict(spec, request);
      if (found !== expected) wrong++;
      console.log(`${found === expected ? "ok   " : "WRONG"} ${engine}: ${what}: ${found}`);
    }
  }
}
process.exit(wrong === 0 ? 0 : 1);
