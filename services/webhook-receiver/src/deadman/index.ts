export { type HeartbeatView, registerDeadMan } from './register.ts';
export { DEFAULT_SETTINGS, type DeadManSettings, deadManSettingsFromEnv } from './settings.ts';
