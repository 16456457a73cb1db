// The main job: a network, two sandboxes on it, a server in one, a client in the other.
import { createController } from 'libnetwork'

await using controller = await createController()
const network = await controller.createNetwork('network1', { driver: 'bridge' })

const sandbox = await controller.createSandbox({ key: '/run/netns/4d23e' })
const endpoint = await network.createEndpoint('Endpoint1')
await endpoint.join(sandbox)

const client = await controller.createSandbox()
const other = await network.createEndpoint('Endpoint2')
await other.join(client)

// A program of any kind in one sandbox; it says when it listens.
const program = `require('http').createServer((_, answer) => answer.end('hello')).listen(80, () => console.log('listening'))`
const server = sandbox.spawn('node', ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
await new Promise((resolve) => server.stdout?.once('data', resolve))

// And a connection of this very process that starts in the other.
const [address = ''] = endpoint.addresses
const socket = await client.connect({ host: address.split('/')[0] ?? '', port: 80 })
socket.end('GET / HTTP/1.0\r\n\r\n')
let answer = ''
for await (const chunk of socket) answer += String(chunk)
console.log(`${address} answers: ${answer.split('\r\n\r\n')[1]}`)

server.kill()
await new Promise((resolve) => server.once('exit', resolve))
for (const each of [client, sandbox]) await each.delete()
for (const each of await network.listEndpoints()) await each.delete()
await network.delete()
