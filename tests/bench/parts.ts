import type { Part } from "./part.ts";
import { tokensEs256, tokensRs256 } from "./parts/tokens.ts";
import { tokensEddsa } from "./parts/tokens_eddsa.ts";
import { unsigned } from "./parts/unsigned.ts";

/** Every part, in the order of the table. */
export const parts: readonly Part[] = [
  tokensRs256,
  tokensEs256,
  tokensEddsa,
  unsigned,
];
