/** An unmodified program of GitHub's world: it knows the toolkit and nothing of Signet. */
import { getIDToken } from "@actions/core";

const token = await getIDToken("https://api.acme.test");
const env = Deno.env.toObject();
const secrets = Object.keys(env).filter((name) =>
  name.startsWith("SIGNET_") && !name.startsWith("SIGNET_TEST_")
);
console.log(JSON.stringify({ token, secrets }));
Deno.exit(0);
