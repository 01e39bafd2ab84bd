export { ADMIN_BODY_LIMIT, acceptAnyContentType, BadAdminBody, parseAdminBody } from './admin-body.ts';
export { type AdminGuardOptions, adminGuardFromEnv, createAdminGuard, isLoopback } from './admin-guard.ts';
export { type FaultClock, systemClock } from './clock.ts';
export { chance } from './decide.ts';
export {
  createFailmodeFault,
  FAILMODES,
  type Failmode,
  type FailmodeFault,
  type FailmodeSetting,
  type FailmodeState,
  failmodeSchema,
} from './failmode.ts';
export { createLeased, type Leased } from './lease.ts';
export { createInjectionCounter, type InjectionCounter } from './metrics.ts';
export { type FaultsOptions, registerFaults } from './plugin.ts';
