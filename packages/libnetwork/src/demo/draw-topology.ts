/** An interface of a sandbox, for the drawing. */
export interface DrawnInterface {
  /** Name inside the sandbox. */
  readonly name: string
  /** Name of the network. */
  readonly network: string
  /** Addresses, CIDR text. */
  readonly addresses: readonly string[]
  /** Whether the sandbox's default route leads through it. */
  readonly gateway: boolean
}

/** What is drawn. */
export interface Topology {
  /** Networks with their bridges. */
  readonly networks: readonly {
    /** Name. */
    readonly name: string
    /** Name of the bridge. */
    readonly bridge: string
    /** Gateway addresses, CIDR text. */
    readonly gateways: readonly string[]
  }[]
  /** Sandboxes with their interfaces. */
  readonly sandboxes: readonly { readonly name: string; readonly interfaces: readonly DrawnInterface[] }[]
}

function box(lines: readonly string[]): readonly string[] {
  const width = Math.max(...lines.map((line) => line.length))
  return [`┌─${'─'.repeat(width)}─┐`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `└─${'─'.repeat(width)}─┘`]
}

function networkBox({ name, bridge, gateways }: Topology['networks'][number]): readonly string[] {
  return box([`network ${name}`, `bridge ${bridge}`, ...gateways])
}

/** Draws networks as boxes, and below each the sandboxes that hang on it. */
export function drawTopology({ networks, sandboxes }: Topology): readonly string[] {
  return networks.flatMap((network, index) => {
    const members = sandboxes.flatMap(({ name, interfaces }) =>
      interfaces.filter((found) => found.network === network.name).map((found) => ({ sandbox: name, ...found })),
    )
    const branches = members.flatMap(({ sandbox, name, addresses, gateway }, place) => {
      const last = place === members.length - 1
      const head = `${last ? '└' : '├'}── ${name} of sandbox ${sandbox}${gateway ? ' (way out)' : ''}`
      return [head, ...addresses.map((address) => `${last ? ' ' : '│'}     ${address}`)].map((line) => `  ${line}`)
    })
    return [...(index > 0 ? [''] : []), ...networkBox(network), ...branches]
  })
}
