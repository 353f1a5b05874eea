/** Runs in its own process, which trusts the throwaway certificate; prints one line for each way in. */
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { ClientAssertionCredential, type TokenCredential } from "@azure/identity";
import { azureAssertion, azureCredential } from "../../client/azure.ts";

const { authority, tenantId, clientId, scope, idToken } = JSON.parse(Deno.args[0]!);
let minted = 0;
const getIdToken = () => Promise.resolve((minted++, idToken as string));

const library = new ClientAssertionCredential(tenantId, clientId, azureAssertion({ getIdToken }), {
  authorityHost: authority,
  disableInstanceDiscovery: true,
});
const helper = azureCredential({ authorityHost: authority, tenantId, clientId, getIdToken });

/** Calls a resource through Azure's own pipeline, twice, as its clients do. */
async function whoami(credential: TokenCredential): Promise<string> {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  const client = createDefaultHttpClient();
  const ask = () =>
    pipeline.sendRequest(client, createPipelineRequest({ url: `${authority}/whoami` }));
  await ask();
  return (await ask()).bodyAsText ?? "";
}

for (const [name, credential] of Object.entries({ library, helper })) {
  try {
    console.log(name, await whoami(credential));
  } catch (error) {
    const { name: kind, message } = error as Error;
    console.log(name, kind, message.replaceAll("\n", " "));
  }
}
console.log("minted", minted);
Deno.exit(0);
