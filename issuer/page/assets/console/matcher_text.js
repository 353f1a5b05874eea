/** A condition as text: a literal as JSON writes it, a glob with its stars. */
export function matcherText(matcher) {
  const isGlob = typeof matcher === "object" && matcher !== null && "glob" in matcher;
  return isGlob ? `like ${matcher.glob}` : `= ${JSON.stringify(matcher)}`;
}
