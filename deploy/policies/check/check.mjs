// Evaluates the expressions of ../admission and ../kyverno on requests that must pass and requests that must not, with a CEL engine
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

const secret = (fields = {}, metadata = {}) => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "a", namespace: "n", ...metadata }, ...fields });
const ownedBy = (kind, apiVersion, controller = true) => ({ ownerReferences: [{ kind, apiVersion, name: "a", uid: "u", controller }] });
const sealed = (annotations, template) => ({
  apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", metadata: { name: "a", namespace: "n", ...(annotations && { annotations }) },
  spec: { encryptedData: {}, ...(template && { template }) },
});
const one = { data: { a: "MQ==" } }, two = { data: { a: "Mg==" } };
const controller = "system:serviceaccount:kube-system:sealed-secrets-controller";

const secretCases = [
  ["made by hand", { object: secret(one) }, "denied"],
  ["made by hand, empty", { object: secret() }, "denied"],
  ["made by the controller", { object: secret(one), user: controller }, "admitted"],
  ["owned by a SealedSecret", { object: secret(one, ownedBy("SealedSecret", "bitnami.com/v1alpha1")) }, "admitted"],
  ["owned by an ExternalSecret", { object: secret(one, ownedBy("ExternalSecret", "external-secrets.io/v1")) }, "admitted"],
  ["owned by a SopsSecret", { object: secret(one, ownedBy("SopsSecret", "isindir.github.com/v1alpha3")) }, "admitted"],
  ["owned by a SealedSecret of another group", { object: secret(one, ownedBy("SealedSecret", "example.com/v1")) }, "denied"],
  ["owned, but not controlled", { object: secret(one, ownedBy("SealedSecret", "bitnami.com/v1alpha1", false)) }, "denied"],
  ["owned by a Deployment", { object: secret(one, ownedBy("Deployment", "apps/v1")) }, "denied"],
  ["token of a service account", { object: secret({ type: "kubernetes.io/service-account-token" }) }, "not judged"],
  ["labelled by hand", { object: secret(one, { labels: { a: "b" } }), oldObject: secret(one), operation: "UPDATE" }, "admitted"],
  ["changed by hand", { object: secret(two), oldObject: secret(one), operation: "UPDATE" }, "denied"],
  ["changed by hand, though owned", { object: secret(two, ownedBy("SealedSecret", "bitnami.com/v1alpha1")), oldObject: secret(one), operation: "UPDATE" }, "denied"],
  ["changed by the controller", { object: secret(two), oldObject: secret(one), operation: "UPDATE", user: controller }, "admitted"],
];
const scopeCases = [
  ["strict", { object: sealed() }, "admitted"],
  ["strict, with annotations", { object: sealed({ a: "b" }) }, "admitted"],
  ["cluster-wide", { object: sealed({ "sealedsecrets.bitnami.com/cluster-wide": "true" }) }, "denied"],
  ["cluster-wide is false", { object: sealed({ "sealedsecrets.bitnami.com/cluster-wide": "false" }) }, "admitted"],
  ["namespace-wide", { object: sealed({ "sealedsecrets.bitnami.com/namespace-wide": "true" }) }, "denied"],
  ["sealed for this namespace", { object: sealed(null, { metadata: { namespace: "n" } }) }, "admitted"],
  ["sealed for another namespace", { object: sealed(null, { metadata: { namespace: "m" } }) }, "denied"],
  ["template without a namespace", { object: sealed(null, { metadata: { name: "a" } }) }, "admitted"],
  ["template without metadata", { object: sealed(null, { type: "Opaque" }) }, "admitted"],
];

let wrong = 0;
for (const [engine, secrets, scopes] of [["admission", admission("../admission/secrets.yaml"), admission("../admission/scopes.yaml")], ["kyverno", ...kyverno]]) {
  for (const [spec, cases] of [[secrets, secretCases], [scopes, scopeCases]]) {
    for (const [what, request, expected] of cases) {
      const found = verdict(spec, request);
      if (found !== expected) wrong++;
      console.log(`${found === expected ? "ok   " : "WRONG"} ${engine}: ${what}: ${found}`);
    }
  }
}
process.exit(wrong === 0 ? 0 : 1);
