import type { Target } from "./target.ts";
import { configurationTarget } from "./targets/configuration.ts";
import { formTarget } from "./targets/form.ts";
import { jsonTarget } from "./targets/json.ts";
import { jwtTarget } from "./targets/jwt.ts";
import { requestTokenTarget } from "./targets/request_token.ts";
import { routesTarget } from "./targets/routes.ts";
import { trustRulesTarget } from "./targets/trust_rules.ts";
import { urlsTarget } from "./targets/urls.ts";

/** Every parser that reads what others wrote. */
export const TARGETS: readonly Target[] = [
  ...[formTarget(), jsonTarget(), jwtTarget(), trustRulesTarget, requestTokenTarget],
  ...[configurationTarget, urlsTarget, routesTarget()],
];
