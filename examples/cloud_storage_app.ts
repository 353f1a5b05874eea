// An app that keeps notes in a Cloud Storage bucket as itself: no service account key anywhere. GOOGLE_PROVIDER is the
// name that `signet setup gcp` prints: //iam.googleapis.com/projects/…/workloadIdentityPools/…/providers/…
import { Storage } from "@google-cloud/storage";
import { IdentityPoolClient } from "google-auth-library";
import { subjectTokenSupplier } from "@signet/oidc/client/gcp";

const authClient = new IdentityPoolClient({
  audience: Deno.env.get("GOOGLE_PROVIDER") ?? "",
  subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
  subject_token_supplier: subjectTokenSupplier(),
  token_url: Deno.env.get("GOOGLE_TOKEN_URL"), // unset: Google's own; the tests name a stand-in
});
const projectId = Deno.env.get("GOOGLE_PROJECT");
const storage = new Storage({ projectId, authClient, useAuthWithCustomEndpoint: true });
const bucket = storage.bucket(Deno.env.get("BUCKET") ?? "notes");

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, async (request) => {
  const file = bucket.file(new URL(request.url).pathname.slice(1));
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
