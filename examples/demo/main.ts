/**
 * The main job end to end, on this machine: an issuer, a program that asks it for a token, and a
 * stranger that verifies the token from discovery alone. Run it with `deno task demo`.
 *
 * @module
 */
import { startIssuer } from "./issuer.ts";
import { runProgram } from "./run_program.ts";
import { good, remark, showClaims, step } from "./screen.ts";

const audience = "sts.amazonaws.com";
const adminToken = crypto.randomUUID() + crypto.randomUUID();

console.log("Signet demo: a program proves who it is to a party it shares no secret with");

step(1, "An issuer starts");
await using issuer = await startIssuer(adminToken);
const net = new URL(issuer.url).host;
remark(`${issuer.url}  (all in memory, gone when the demo ends)`);

step(2, "An operator registers the workload over the admin API");
const workload = await admin("/workloads", {
  ...{ id: "web", org: "acme", app: "web", context: "production" },
  ...{ audiences: [audience], claims: { team: "payments" } },
});
remark(`${workload.subject}, allowed to ask for ${audience}`);
const credential = await admin("/workloads/web/credentials", { type: "request_token" });
remark("and gives it a request token, of which the issuer keeps only the SHA-256");

step(3, `The program, a process of its own, calls getIdToken("${audience}")`);
const token = await runProgram("workload.ts", {
  args: [audience],
  env: { SIGNET_ISSUER: issuer.url, SIGNET_REQUEST_TOKEN: credential.secret! },
  net,
});
remark(`and holds a signed token of ${token.length} characters, good for a few minutes`);

step(4, "A stranger verifies it: own process, jose, nothing but the issuer's URL");
const verdict = await verify(token);
if (!verdict.verified) throw new Error(`The token was refused: ${verdict.reason}`);
showClaims(verdict.claims);
console.log();
good("verified", "signature, issuer, audience and times are right");

step(5, "Somebody changes one claim of it and tries again");
const forged = await verify(changeSubject(token));
if (forged.verified) throw new Error("A forged token was accepted");
good("refused", forged.reason);

console.log("\nNext: deno task dev   (an issuer for your own programs)");

async function admin(path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(`${issuer.url}/admin${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function verify(jwt: string) {
  const args = [issuer.url, audience];
  return JSON.parse(await runProgram("relying_party.ts", { args, net, stdin: jwt }));
}

function changeSubject(jwt: string): string {
  const [header, claims, signature] = jwt.split(".") as [string, string, string];
  const changed = atob(claims.replaceAll("-", "+").replaceAll("_", "/")).replace("acme", "evil");
  return [header, btoa(changed).replace(/=+$/, ""), signature].join(".");
}
