const tenant = /^[A-Za-z0-9.-]{1,255}$/;

/** `tenantId` when it is an id or a domain; a TypeError otherwise. */
export function checkTenant(tenantId: string): string {
  if (tenant.test(tenantId)) return tenantId;
  throw new TypeError("Cannot use tenantId: expected the tenant's id or domain");
}
