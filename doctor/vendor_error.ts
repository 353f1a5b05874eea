import type { SetupVendor } from "../setup/types.ts";

/** What part of the trust an error speaks of. */
export type VendorErrorKind =
  | "issuer"
  | "audience"
  | "subject"
  | "keys"
  | "algorithm"
  | "time"
  | "claims"
  | "permission"
  | "setup"
  | "transient";

/** One known error text of a vendor. */
export interface VendorError {
  /** The vendor that says it. */
  readonly vendor: SetupVendor;
  /** Stable name. */
  readonly id: string;
  /** Substring or pattern of the vendor's text. */
  readonly match: string | RegExp;
  /** What part of the trust it speaks of. */
  readonly kind: VendorErrorKind;
  /** Why the vendor says it. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
}

/** An entry without its vendor, as the tables list it. */
export type VendorErrorEntry = Omit<VendorError, "vendor">;
