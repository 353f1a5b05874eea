// One of several issuers that start at once on the same store: prints its JWKS and its tokens.
import { createKeyring } from "../../keys/keyring.ts";
import { signJwt } from "../../keys/sign_jwt.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";

const [path = "", issuer = ""] = Deno.args;
using kv = await Deno.openKv(path);
await using keyring = createKeyring({
  issuer,
  kv: reliableKv(kv, { deadlineMs: 10_000 }),
  algorithms: ["RS256", "ES256", "EdDSA"],
  keyEncryptionKeys: [Uint8Array.from({ length: 32 }, (_, i) => i)],
});

console.log("ready");
await Deno.stdin.read(new Uint8Array(1));
await keyring.start();
const tokens: string[] = [];
for (const alg of ["RS256", "ES256", "EdDSA"] as const) {
  tokens.push(await signJwt(await keyring.signingKey(alg), { iss: issuer }));
}
const { jwks } = await keyring.view();
console.log(JSON.stringify({ jwks, tokens }));
