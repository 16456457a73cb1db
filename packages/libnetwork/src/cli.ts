#!/usr/bin/env node
import { createRequire } from 'node:module'
import { Command } from 'commander'
import { fail, type OutputOptions } from './commands/output.ts'
import type { DriversOptions } from './commands/drivers.ts'
import type { PlanOptions } from './commands/plan.ts'

const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string }

function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value]
}

/** Runs a command; its module is imported only now, so that help is quick. */
function run<Options extends OutputOptions>(
  task: (options: Options) => Promise<void>,
): (options: Options) => Promise<void> {
  return async (options) => {
    try {
      await task(options)
    } catch (error) {
      fail(error, options)
    }
  }
}

const program = new Command('libnetwork').description('Container networking for Linux.').version(version)

program
  .command('demo')
  .description('build two networks and three sandboxes in namespaces of their own, and show who reaches whom')
  .option('--json', 'print JSON')
  .action(run<OutputOptions>(async (options) => (await import('./commands/demo.ts')).demo(options)))

program
  .command('demo-inside', { hidden: true })
  .option('--json')
  .action(run<OutputOptions>(async (options) => (await import('./commands/demo.ts')).demoInside(options)))

program
  .command('drivers')
  .description('list every driver that is found, with its state and the reason')
  .option('--from <folder>', 'the application whose dependencies are searched', process.cwd())
  .option('--json', 'print JSON')
  .action(run<DriversOptions>(async (options) => (await import('./commands/drivers.ts')).drivers(options)))

program
  .command('plan')
  .description(
    'print what creating a network and joining an endpoint would do, as commands for `ip -batch`; touches nothing',
  )
  .argument('<network>', 'name of the network')
  .argument('[endpoint]', 'name of the endpoint')
  .option('-d, --driver <name>', 'network driver')
  .option('--subnet <cidr>', 'subnet; once for each family', collect)
  .option('--gateway <address>', 'gateway of the subnet at the same place', collect)
  .option('--range <cidr>', 'range of the subnet at the same place', collect)
  .option('--no-ipv4', 'without IPv4')
  .option('--ipv6', 'with IPv6')
  .option('--internal', 'without a way out')
  .option('-o, --option <key=value>', 'option of the network driver', collect)
  .option('--endpoint-option <key=value>', 'option of the endpoint', collect)
  .option('--address <address>', 'static address of the endpoint', collect)
  .option('--mac <address>', 'MAC address of the endpoint')
  .option('--sandbox <path>', 'path of the namespace', '/run/netns/sandbox')
  .option('--json', 'print JSON')
  .action(async (network: string, endpoint: string | undefined, options: PlanOptions) =>
    run<PlanOptions>(async () => (await import('./commands/plan.ts')).plan(network, endpoint, options))(options),
  )

await program.parseAsync()
