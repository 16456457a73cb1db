/**
 * The network driver `null`.
 *
 * @packageDocumentation
 */
export { nullDriver } from './null-driver.ts'
