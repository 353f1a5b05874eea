import { createSigners } from "../keys/create_signers.ts";
import { assembleIssuer, type SharedParts } from "./assemble_issuer.ts";
import { IssuerConfigError } from "./errors.ts";
import type { Issuer, IssuerOptions } from "./issuer_options.ts";
import { limitCallers } from "./limit_callers.ts";
import { optionFaults } from "./option_faults.ts";
import { measuredKv, measuredSigners } from "./telemetry/measured.ts";
import { measureIssuer } from "./telemetry/measure_issuer.ts";
import { withTenants } from "./with_tenants.ts";

export type { Issuer, IssuerOptions, TenantOptions } from "./issuer_options.ts";

/**
 * Makes an issuer (OpenID Connect Discovery 1.0, RFC 8414, RFC 6749 token endpoint), with its tenants.
 *
 * @throws {IssuerConfigError} listing everything wrong with the options.
 */
export function createIssuer(options: IssuerOptions): Issuer {
  return createIssuerWith(options, { signers: createSigners() });
}

/** As {@linkcode createIssuer}; all tenants share the signing workers and the limits. */
export function createIssuerWith(options: IssuerOptions, signing: SharedParts): Issuer {
  const faults = optionFaults(options);
  if (faults.length > 0) throw new IssuerConfigError(faults);
  const { rateLimit: perMinute, now = Date.now } = options;
  const limits = perMinute === undefined ? undefined : limitCallers({ perMinute, now });
  const shared = { ...signing, limitCallers: limits };
  return issuerOf(options.meter ? measured(options, shared) : { options, shared });
}

interface Parts {
  readonly options: IssuerOptions;
  readonly shared: SharedParts;
}

function issuerOf({ options, shared }: Parts): Issuer {
  const assemble = (own: IssuerOptions) => assembleIssuer(own, shared);
  const made = withTenants(assemble(options), { options, assemble });
  return { ...made, fetch: async (request, info) => await made.handle(request, info) };
}

/** The same with everything measured; costs nothing where there is no meter. */
function measured(options: IssuerOptions, shared: SharedParts): Parts {
  const { now = Date.now, onEvent } = options;
  const measurements = measureIssuer(options.meter!, { now });
  const timing = { ...measurements, time: () => performance.now() };
  return {
    options: {
      ...options,
      kv: measuredKv(options.kv, timing),
      onEvent(event) {
        measurements.onEvent(event);
        onEvent?.(event);
      },
    },
    shared: {
      ...shared,
      signers: measuredSigners(shared.signers, timing),
      watchKeys: measurements.watchKeys,
    },
  };
}
