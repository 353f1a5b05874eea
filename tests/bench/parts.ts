import type { Part } from "./part.ts";
import { burst } from "./parts/burst.ts";
import { jwks } from "./parts/jwks.ts";
import { jwksUnderLoad } from "./parts/jwks_under_load.ts";
import { peers } from "./parts/peers.ts";
import { tokensEs256, tokensRs256 } from "./parts/tokens.ts";
import { tokensEddsa } from "./parts/tokens_eddsa.ts";
import { unloaded } from "./parts/unloaded.ts";
import { unsigned } from "./parts/unsigned.ts";

/** Every part, in the order of the table. */
export const parts: readonly Part[] = [
  tokensRs256,
  tokensEs256,
  tokensEddsa,
  unsigned,
  unloaded,
  jwksUnderLoad,
  burst,
  peers,
  jwks,
];
