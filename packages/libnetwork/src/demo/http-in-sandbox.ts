import { createServer, request, type Server } from 'node:http'
import type { Sandbox } from '@libnetwork/core'

/** Starts an HTTP server of this process inside a sandbox, on all its addresses. */
export async function serveInside(sandbox: Sandbox, port: number, greeting: string): Promise<Server> {
  const http = createServer((_request, response) => response.end(greeting))
  const tcp = await sandbox.listen({ port })
  tcp.on('connection', (socket) => http.emit('connection', socket))
  http.on('close', () => tcp.close())
  return http
}

/** Fetches from an HTTP server over a connection that starts inside a sandbox. */
export async function fetchInside(sandbox: Sandbox, host: string, port: number, timeout: number): Promise<string> {
  const socket = await sandbox.connect({ host, port, signal: AbortSignal.timeout(timeout) })
  return await new Promise((resolve, reject) => {
    const sent = request(
      { createConnection: () => socket, host, port, headers: { connection: 'close' } },
      (response) => {
        response.setEncoding('utf8')
        let body = ''
        response.on('data', (chunk: string) => (body += chunk))
        response.on('end', () => resolve(body))
      },
    )
    sent.setTimeout(timeout, () => sent.destroy(new Error('no answer')))
    sent.on('error', reject)
    sent.end()
  })
}
