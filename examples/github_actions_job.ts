// A step of a GitHub Actions job that announces a release as the job itself. No secret is stored at
// GitHub: the job's token is exchanged at the issuer that SIGNET_ISSUER names, under this trust rule:
//   { "preset": "github", "repositoryId": "…", "environment": "production" }
// The workflow needs `permissions: id-token: write`, and this step:
//   run: deno run --allow-env --allow-net examples/github_actions_job.ts https://api.example.com
import { getIdToken, IdTokenError } from "@signet/oidc";

const api = Deno.args[0] ?? "https://api.example.com";

try {
  const token = await getIdToken(api);
  const response = await fetch(`${api}/releases`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ commit: Deno.env.get("GITHUB_SHA") }),
  });
  console.log(response.status, await response.text());
  if (!response.ok) Deno.exit(1);
} catch (error) {
  if (!(error instanceof IdTokenError)) throw error;
  console.log(`::error::${error.message}`);
  Deno.exit(1);
}
