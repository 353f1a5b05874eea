/** Google asks for more than the default lifetime where the token's life bounds what it opens. */
export const longLife = {
  wishes: { ttl: 3_600 },
  refusals: ["unsupported_option", "request_refused"],
};
