import type { SetupVendor } from "../setup/types.ts";
import type { Check } from "./check.ts";
import type { IssuerObservation } from "./observe_issuer.ts";

/** What the doctor may use to try an audience; everything left out is skipped. */
export interface DoctorProbe {
  /** Audience to mint for. Default: the one that the vendor's documents recommend. */
  readonly audience?: string;
  /** Subject that the trust names. Default: any. */
  readonly subject?: string;
  /** Mint a probe token of the workload for an audience. */
  readonly mint?: (audience: string) => Promise<string>;
  /** Mint a token of ANOTHER subject, which the vendor must refuse. */
  readonly mintOther?: (audience: string) => Promise<string>;
  /** Log in to the vendor with a token; rejects with the vendor's error when it is refused. */
  readonly login?: (token: string) => Promise<void>;
}

/** Input of the checks of one audience. */
export interface VendorContext {
  readonly vendor: SetupVendor;
  readonly observation: IssuerObservation;
  readonly probe: DoctorProbe;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The checks of one audience. */
export type VendorChecks = (context: VendorContext) => Promise<Check[]>;
