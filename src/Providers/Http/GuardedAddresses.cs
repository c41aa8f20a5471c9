using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace GitOpsSecrets.Providers.Http;

/// <summary>Addresses that mean "this very machine's cloud": link-local ones, and those that clouds serve metadata on.</summary>
internal static class GuardedAddresses
{
    private static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("169.254.0.0/16"), // link-local; metadata of AWS, Azure, GCP, OpenStack, and of ECS and EKS
        IPNetwork.Parse("fe80::/10"), // link-local
        IPNetwork.Parse("fd00:ec2::/32"), // AWS metadata and pod identity
        IPNetwork.Parse("fd20:ce::/32"), // GCP metadata
        IPNetwork.Parse("100.100.100.200/32"), // Alibaba Cloud metadata
        IPNetwork.Parse("168.63.129.16/32"), // Azure's wire server
        IPNetwork.Parse("192.0.0.192/32"), // Oracle Cloud metadata, classic
        IPNetwork.Parse("0.0.0.0/8"), // "this host", which some systems connect
        IPNetwork.Parse("::/128"),
    ];

    // Prefixes that carry an IPv4 address inside, which a gateway or the kernel unpacks.
    private static readonly (IPNetwork Network, int Offset)[] Carriers =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>Names that lead there through a resolver of the cloud, which a proxy would ask in our place.</summary>
    public static FrozenSet<string> Names { get; } = new[] { "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var bytes = address.GetAddressBytes();
            foreach (var (network, offset) in Carriers)
            {
                if (network.Contains(address)) return Contains(new IPAddress(bytes.AsSpan(offset, 4)));
            }
        }

        return Networks.Any(network => network.Contains(address));
    }
}
