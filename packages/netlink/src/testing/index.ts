/**
 * A netlink socket without a kernel, for tests.
 *
 * @packageDocumentation
 */
export { fakeSocket, type FakeAnswer, type FakeMessage, type FakeRefusal, type FakeSocket } from './fake-socket.ts'
export type { RawMessage } from '../wire/message-reader.ts'
