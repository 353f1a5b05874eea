// An app that keeps notes in a Cloud Storage bucket as itself: no service account key anywhere.
// SIGNET_GCP_WORKLOAD_PROVIDER is what `signet setup gcp` prints: projects/…/workloadIdentityPools/…/providers/…
import { Storage } from "@google-cloud/storage";
import { IdentityPoolClient } from "google-auth-library";
import { subjectTokenSupplier } from "@signet/oidc/client/gcp";

const provider = Deno.env.get("SIGNET_GCP_WORKLOAD_PROVIDER");
if (!provider) {
  throw new Error("Set SIGNET_GCP_WORKLOAD_PROVIDER to what `signet setup gcp` prints");
}

const authClient = new IdentityPoolClient({
  audience: `//iam.googleapis.com/${provider}`,
  subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
  subject_token_supplier: subjectTokenSupplier(),
  token_url: Deno.env.get("GOOGLE_TOKEN_URL"), // unset: Google's own; the tests name a stand-in
});
const projectId = Deno.env.get("GOOGLE_PROJECT");
const storage = new Storage({ projectId, authClient, useAuthWithCustomEndpoint: true });
const bucket = storage.bucket(Deno.env.get("BUCKET") ?? "notes");

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, async (request) => {
  const note = new URL(request.url).pathname.slice(1);
  if (!note) return new Response("name a note: /NAME", { status: 404 });
  const file = bucket.file(note);
  try {
    if (request.method === "PUT") {
      await file.save(await request.text(), { resumable: false });
      return new Response("stored", { status: 201 });
    }
    const [content] = await file.download();
    return new Response(content.toString());
  } catch (error) {
    const { name, code } = error as { name: string; code?: unknown };
    if (code === 404) return new Response("no such note", { status: 404 });
    console.error(`Cloud Storage refused: ${name} ${code}`); // the whole error holds the access token
    return new Response("storage refused", { status: 502 });
  }
});
