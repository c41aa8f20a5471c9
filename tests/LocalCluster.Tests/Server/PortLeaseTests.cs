using System.Net;
using System.Net.Sockets;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Server;

public sealed class PortLeaseTests
{
    [Fact]
    public void A_port_is_free_and_nobody_elses_until_it_is_given_back()
    {
        var leases = Enumerable.Range(0, 20).Select(_ => PortLease.Take()).ToList();
        try
        {
            Assert.Equal(20, leases.Select(lease => lease.Port).Distinct().Count());
            foreach (var lease in leases)
            {
                using var listener = new TcpListener(IPAddress.Loopback, lease.Port);
                listener.Start();
            }
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }
}
