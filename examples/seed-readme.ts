// The program of the original's README, step by step in its own order. There it could not run.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createController } from 'libnetwork'

// Create a new controller instance.
const controller = await createController()
try {
  // Create a network for containers to join. `simplebridge` is the name that the original gives to its bridge driver.
  const network = await controller.createNetwork('network1', { driver: 'simplebridge' })

  // For a new container: create a sandbox instance, with a unique key. On Linux it is a path of the file system.
  const sandbox = await controller.createSandbox({ key: '/run/libnetwork/containers/4d23e' })

  // For each new container: allocate addresses and interfaces. Nothing is applied yet.
  const endpoint = await network.createEndpoint('Endpoint1', { sandbox })
  const { sandboxInfo } = endpoint
  if (sandboxInfo === undefined) throw new Error('the driver has described nothing')

  // Add the interfaces to the namespace.
  for (const iface of sandboxInfo.interfaces) await sandbox.addInterface(iface)

  // Set the gateway.
  await sandbox.setGateway(sandboxInfo.gateway ?? null)

  // The container has connectivity: it reaches a server that listens on the gateway's address.
  const server = createServer((connection) => connection.end('hello')).listen(0, sandboxInfo.gateway)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connection = await sandbox.connect({ host: sandboxInfo.gateway ?? '', port })
  let answer = ''
  for await (const chunk of connection) answer += String(chunk)
  console.log(`${endpoint.addresses[0]} through ${sandboxInfo.gateway}: ${answer}`)
  server.close()

  await sandbox.delete()
  await endpoint.delete()
  await network.delete()
} finally {
  await controller.close()
}
