import type { SetupVendor } from "./types.ts";

/** What a vendor says to an issuer URL. */
export interface IssuerFitness {
  /** True for `localhost`, `*.localhost`, 127.0.0.0/8 and `[::1]`. */
  readonly loopback: boolean;
  /** Reasons why no relying party would take this URL: byte-for-byte comparison would break. */
  readonly malformed: readonly string[];
  /** The same and the vendor's own reasons; those do not hold for a loopback issuer. */
  readonly refusals: readonly string[];
  /** What to know although it can be used. */
  readonly notes: readonly string[];
}

const CLOUDS: Readonly<Partial<Record<SetupVendor, string>>> = {
  aws: "AWS",
  gcp: "Google Cloud",
  azure: "Microsoft Entra",
};

/** Longest issuer URL: IAM `Url` 255, Entra 600, none documented elsewhere (2,048 here). */
const MAX_LENGTH: Readonly<Record<SetupVendor, number>> = {
  aws: 255,
  gcp: 2048,
  azure: 600,
  vault: 2048,
  kubernetes: 2048,
};

/** True when the host of an issuer can only be reached from the same machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Judge an issuer URL as one vendor would. */
export function issuerFitness(issuer: unknown, vendor: SetupVendor): IssuerFitness {
  const url = typeof issuer === "string" && URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (typeof issuer !== "string" || !url) {
    const malformed = ["is not a URL"];
    return { loopback: false, malformed, refusals: malformed, notes: [] };
  }
  const form = formRefusals(issuer, url);
  if (isLoopbackHost(url.hostname)) {
    return {
      loopback: true,
      malformed: form,
      refusals: form,
      notes: loopbackNotes(url, vendor),
    };
  }
  const refusals = [...form, ...vendorRefusals(url, vendor)];
  if (issuer.length > MAX_LENGTH[vendor]) {
    refusals.push(`must have at most ${MAX_LENGTH[vendor]} characters for ${vendor}`);
  }
  return { loopback: false, malformed: form, refusals, notes: portNotes(url, vendor) };
}

/** Rules that hold for every relying party: they compare the URL byte for byte. */
function formRefusals(issuer: string, url: URL): string[] {
  const refusals: string[] = [];
  const bare = url.pathname === "/" ? url.origin : url.origin + url.pathname;
  if (!/^https?:$/.test(url.protocol)) refusals.push("must start with https://");
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    refusals.push("must use https: discovery and keys decide who is trusted");
  }
  if (/[^\x21-\x7e]/.test(issuer)) refusals.push("must be printable ASCII without spaces");
  if (/['"`\\$*<>{}|^]/.test(issuer)) refusals.push("must not hold quotes, $, *, or brackets");
  if (url.username || url.password) refusals.push("must not hold a user name or password");
  if (issuer.includes("?")) refusals.push("must not have a query");
  if (issuer.includes("#")) refusals.push("must not have a fragment");
  if (issuer.endsWith("/")) refusals.push("must not end in a slash");
  if (refusals.length === 0 && bare !== issuer) {
    refusals.push(`must be written in its normal form ${bare}`);
  }
  return refusals;
}

function vendorRefusals(url: URL, vendor: SetupVendor): string[] {
  if (vendor !== "aws" || url.port === "") return [];
  return ["must not have a port: IAM refuses it; serve the issuer on 443"];
}

function loopbackNotes(url: URL, vendor: SetupVendor): string[] {
  const notes: string[] = [];
  const cloud = CLOUDS[vendor];
  if (cloud) {
    notes.push(
      `The issuer ${url.origin} is on loopback: ${cloud} cannot reach it, so this plan only works ` +
        "against a local stand-in. Give the issuer a public https URL before you run it.",
    );
  }
  if (vendor === "gcp") {
    notes.push(
      "Google Cloud takes an uploaded key set instead of a reachable issuer: pass the option jwks " +
        "(the contents of /.well-known/jwks.json) and an https issuer name. Upload it again at every rotation.",
    );
  }
  if (vendor === "kubernetes" && url.protocol === "http:") {
    notes.push("The API server refuses an http issuer: put TLS in front of it and pass issuerCa.");
  }
  if (vendor === "vault") {
    notes.push("Vault must run on the same machine to reach a loopback issuer.");
  }
  return notes;
}

function portNotes(url: URL, vendor: SetupVendor): string[] {
  if (url.port === "" || vendor === "aws") return [];
  return [`The issuer has port ${url.port}: this vendor accepts it, AWS would not.`];
}
