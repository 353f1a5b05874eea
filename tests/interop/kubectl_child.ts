/** An exec plugin of two lines, as a user would write it; the identity token is its argument. */
import { execCredential } from "../../client/kubernetes.ts";

const getIdToken = () => Promise.resolve(Deno.args[0]!);
console.log(JSON.stringify(await execCredential({ getIdToken })));
