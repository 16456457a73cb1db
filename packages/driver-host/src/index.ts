/**
 * The network driver `host`.
 *
 * @packageDocumentation
 */
export { hostDriver } from './host-driver.ts'
