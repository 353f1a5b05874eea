import * as copy from "./copy.js";
import * as decodeToken from "./decode_token.js";
import * as element from "./element.js";
import * as explainClaim from "./explain_claim.js";
import * as inspector from "./inspector.js";
import { scriptOf } from "./script_of.ts";
import * as startPage from "./start_page.js";
import * as verifyToken from "./verify_token.js";

/** The script of the status page and of "Trust this issuer". */
export function pageScript(): string {
  const modules = [element, copy, decodeToken, explainClaim, verifyToken, inspector, startPage];
  return scriptOf(modules, "startPage");
}
