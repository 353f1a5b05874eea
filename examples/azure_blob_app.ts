// An app that keeps notes in Azure Blob Storage as itself: no account key anywhere. SIGNET_AZURE_TENANT_ID and
// SIGNET_AZURE_CLIENT_ID name the application that `signet setup azure` made. It speaks Azure's REST API, which is
// two requests; to use the SDK give the credential to it: new BlobServiceClient(account, credential).
import { azureCredential } from "@signet/oidc/client/azure";

const account = Deno.env.get("BLOB_URL") ?? "https://acme.blob.core.windows.net";
const credential = azureCredential();

async function callStorage(path: string, init: RequestInit = {}): Promise<Response> {
  const { token } = await credential.getToken("https://storage.azure.com/.default");
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  headers.set("x-ms-version", "2021-12-02");
  return await fetch(`${account}/notes${path}`, { ...init, headers });
}

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, async (request) => {
  const { pathname } = new URL(request.url);
  const put = request.method === "PUT" && {
    method: "PUT",
    headers: { "x-ms-blob-type": "BlockBlob" },
    body: await request.text(),
  };
  const { status, body } = await callStorage(pathname, put || {});
  if (status === 404) return new Response("no such note", { status });
  if (status >= 400) return new Response("storage refused", { status: 502 });
  return put ? new Response("stored", { status: 201 }) : new Response(body);
});
