import type { SetupVendor } from "../setup/types.ts";
import { AWS_ERRORS } from "./errors/aws.ts";
import { AZURE_ERRORS } from "./errors/azure.ts";
import { GCP_ERRORS } from "./errors/gcp.ts";
import { KUBERNETES_ERRORS } from "./errors/kubernetes.ts";
import { VAULT_ERRORS } from "./errors/vault.ts";
import type { VendorError, VendorErrorEntry } from "./vendor_error.ts";

const TABLES: Readonly<Record<SetupVendor, readonly VendorErrorEntry[]>> = {
  aws: AWS_ERRORS,
  gcp: GCP_ERRORS,
  azure: AZURE_ERRORS,
  vault: VAULT_ERRORS,
  kubernetes: KUBERNETES_ERRORS,
};

/** All known error texts, in the order in which they are tried. */
export const VENDOR_ERRORS: readonly VendorError[] = (Object.keys(TABLES) as SetupVendor[])
  .flatMap((vendor) => TABLES[vendor].map((entry) => ({ vendor, ...entry })));

/** Translate what a vendor said into cause and remedy; undefined for a text that is not known. */
export function explainVendorError(vendor: SetupVendor, text: string): VendorError | undefined {
  return VENDOR_ERRORS.find((entry) => entry.vendor === vendor && matches(entry.match, text));
}

function matches(match: string | RegExp, text: string): boolean {
  return typeof match === "string"
    ? text.toLowerCase().includes(match.toLowerCase())
    : match.test(text);
}
