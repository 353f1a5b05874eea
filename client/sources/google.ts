import { send } from "../http.ts";
import { requireOk, said } from "../http_answer.ts";
import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";

const LABEL = "the Google metadata server";
const DEFAULT_HOST = "metadata.google.internal";
const IDENTITY = "/computeMetadata/v1/instance/service-accounts/default/identity";
const FLAVOR = { "metadata-flavor": "Google" };
const PROBE_MS = 500;

/** The metadata server of Compute Engine, Cloud Run and GKE, whose header keeps outsiders out. */
export function google(setup: SourceSetup): TokenSource {
  const getToken = async ({ audience, signal }: TokenRequest) => {
    const query = new URLSearchParams({ audience, format: "full" });
    const url = `http://${hostOf(setup)}${IDENTITY}?${query}`;
    const reply = await send({ url, headers: FLAVOR, signal, label: LABEL }, setup);
    requireOk(reply, (refused) => ({
      advice: `it gives no identity token${said(refused)}. Attach a service account to this ` +
        "machine, or on GKE turn on Workload Identity",
    }));
    return { ...reply, token: reply.text.trim() };
  };
  return { label: LABEL, getToken };
}

/** Whether a metadata server answers, within half a second and without asking for permission. */
export async function answersAsGoogle(setup: SourceSetup): Promise<boolean> {
  const host = hostOf(setup);
  if (!setup.runtime.mayConnect(host)) return false;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PROBE_MS);
  try {
    const init = { headers: FLAVOR, signal: controller.signal, redirect: "error" } as const;
    const response = await setup.fetch(`http://${host}/`, init);
    await response.body?.cancel();
    return response.headers.get("metadata-flavor") === "Google";
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function hostOf({ env }: SourceSetup): string {
  return env("GCE_METADATA_HOST") ?? DEFAULT_HOST;
}
