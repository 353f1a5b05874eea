import type { Part } from "./part.ts";
import { burst } from "./parts/burst.ts";
import { clientHit } from "./parts/client_hit.ts";
import { clientMiss } from "./parts/client_miss.ts";
import { cold } from "./parts/cold.ts";
import { firstCredentialPart } from "./parts/first_credential.ts";
import { growth } from "./parts/growth.ts";
import { jwks } from "./parts/jwks.ts";
import { jwksUnderLoad } from "./parts/jwks_under_load.ts";
import { kvOperations } from "./parts/kv_operations.ts";
import { memory } from "./parts/memory.ts";
import { peers } from "./parts/peers.ts";
import { start } from "./parts/start.ts";
import { stores } from "./parts/stores.ts";
import { tokensEs256, tokensRs256 } from "./parts/tokens.ts";
import { tokensEddsa } from "./parts/tokens_eddsa.ts";
import { unloaded } from "./parts/unloaded.ts";
import { unsigned } from "./parts/unsigned.ts";
import { verify } from "./parts/verify.ts";

/** Every part, in the order of the table. */
export const parts: readonly Part[] = [
  ...[tokensRs256, tokensEs256, tokensEddsa, unsigned, unloaded, jwksUnderLoad, burst, peers],
  ...[kvOperations, jwks, clientHit, clientMiss, cold, start, firstCredentialPart, verify],
  ...[growth, stores, memory],
];
