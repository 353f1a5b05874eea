// An issuer's keys on a store that another release of Deno may have written: prints what they give.
import { createKeyring } from "../../keys/keyring.ts";
import { signJwt } from "../../keys/sign_jwt.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";

const [path = "", issuer = "", mode = ""] = Deno.args;
using kv = await Deno.openKv(path);
await using keyring = createKeyring({
  issuer,
  kv: reliableKv(kv),
  algorithms: ["RS256", "ES256", "EdDSA"],
  keyEncryptionKeys: [Uint8Array.from({ length: 32 }, (_, i) => i)],
  initialized: mode === "read",
});
await keyring.start();
await keyring.rotate({ emergency: true, alg: "EdDSA" });
const token = await signJwt(await keyring.signingKey("RS256"), { iss: issuer });
const { jwks, epochs } = await keyring.view();
console.log(JSON.stringify({ version: Deno.version.deno, jwks, epochs, token }));
