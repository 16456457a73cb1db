import { containsAddress, parseCidr, type HostLink, type HostNetwork, type HostOperation } from '@libnetwork/driver-sdk'
