/** Runs in its own process, since the toolkit reads the environment of the process. */
import { getIDToken } from "@actions/core";
import { audience, refusalOf } from "./_support.ts";

const genuine = Deno.env.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")!;
const token = await getIDToken(audience);
const unlisted = await refusalOf(getIDToken("https://unlisted.acme.test"));
Deno.env.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", genuine.slice(0, -4) + "AAAA");
const tampered = await refusalOf(getIDToken(audience));

console.log(JSON.stringify({ token, unlisted, tampered }));
Deno.exit(0);
