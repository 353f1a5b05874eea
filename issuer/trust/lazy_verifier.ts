import type { PlatformTokenVerifier, PlatformTokenVerifierOptions } from "./platform_tokens.ts";

/** A verifier of platform tokens that is loaded, jose with it, when the first one is presented. */
export function lazyPlatformTokenVerifier(
  options: PlatformTokenVerifierOptions,
): PlatformTokenVerifier {
  let loading: Promise<PlatformTokenVerifier> | undefined;
  const load = async () => {
    const { createPlatformTokenVerifier } = await import("./platform_tokens.ts");
    return createPlatformTokenVerifier(options);
  };
  return {
    verify: async (parsed, rules) => await (await (loading ??= load())).verify(parsed, rules),
  };
}
