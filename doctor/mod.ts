/**
 * Examines an issuer and its tokens as each relying party would.
 *
 * @module
 */
export { runDoctor } from "./run_doctor.ts";
export type { DoctorOptions, DoctorReport } from "./run_doctor.ts";
export type { DoctorProbe } from "./vendor_context.ts";
export type { ObserveOptions } from "./observe_issuer.ts";
export type { Check, CheckStatus } from "./check.ts";
export { explainVendorError, VENDOR_ERRORS } from "./vendor_errors.ts";
export type { VendorError, VendorErrorKind } from "./vendor_error.ts";
export { readTlsChain } from "./read_tls_chain.ts";
export type { ReadTlsChainOptions } from "./read_tls_chain.ts";
