import { createController, type Endpoint, type Sandbox } from 'libnetwork'
import { expect, it } from 'vitest'

import { describeWith, ip } from '../../../testing/witness.ts'

const COUNT = 200
const PORT = 80

interface Member {
  readonly sandbox: Sandbox
  readonly endpoint: Endpoint
}

async function answerOf(from: Sandbox, address: string): Promise<string> {
  const socket = await from.connect({ host: address.split('/')[0] ?? '', port: PORT })
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

describeWith('ip', `${COUNT} sandboxes joined at once`, () => {
  it(
    'have no address, MAC address or name twice, reach each other, and leave nothing',
    { timeout: 120_000 },
    async () => {
      const controller = await createController({ from: import.meta.url })
      const network = await controller.createNetwork('crowd', { ipv6: true })
      const members = await Promise.all(
        Array.from({ length: COUNT }, async (_, index): Promise<Member> => {
          const [sandbox, endpoint] = await Promise.all([
            controller.createSandbox(),
            network.createEndpoint(`member${index}`),
          ])
          await endpoint.join(sandbox)
          return { sandbox, endpoint }
        }),
      )
      const endpoints = members.map(({ endpoint }) => endpoint)
      expect(new Set(endpoints.flatMap(({ addresses }) => addresses)).size).toBe(2 * COUNT)
      expect(new Set(endpoints.map(({ macAddress }) => macAddress)).size).toBe(COUNT)
      expect(new Set(members.map(({ sandbox }) => sandbox.key)).size).toBe(COUNT)
      const ports = ip('link').filter(({ master }) => master !== undefined)
      expect(new Set(ports.map(({ ifname }) => ifname)).size).toBe(COUNT)

      const servers = await Promise.all(
        members.map(async ({ sandbox, endpoint }) => {
          const server = await sandbox.listen({ port: PORT })
          server.on('connection', (socket) => socket.end(endpoint.name))
          return server
        }),
      )
      // Everybody reaches the next one by IPv4 and the one after by IPv6, and the first one reaches all.
      const at = (index: number): Member => members[index % COUNT] as Member
      const answers = await Promise.all(
        members.flatMap(({ sandbox }, index) => [
          answerOf(sandbox, at(index + 1).endpoint.addresses[0] ?? ''),
          answerOf(sandbox, at(index + 2).endpoint.addresses[1] ?? ''),
        ]),
      )
      expect(answers).toEqual(
        members.flatMap((_, index) => [at(index + 1).endpoint.name, at(index + 2).endpoint.name]),
      )
      const first = at(0).sandbox
      const fromFirst = await Promise.all(endpoints.map(({ addresses }) => answerOf(first, addresses[0] ?? '')))
      expect(fromFirst).toEqual(endpoints.map(({ name }) => name))

      for (const server of servers) server.close()
      await Promise.all(
        members.map(async ({ sandbox, endpoint }) => {
          expect((await sandbox.delete()).survivors).toEqual([])
          await endpoint.delete()
        }),
      )
      await network.delete()
      expect(await controller.listSandboxes()).toEqual([])
      await controller.close()
    },
  )
})
