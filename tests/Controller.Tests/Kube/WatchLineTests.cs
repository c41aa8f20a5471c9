using System.Buffers;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Tests.Kube;

public sealed class WatchLineTests
{
    private static readonly KubeKind<Secret> Secrets = KubeKind.Of(new KubeResource("", "v1", "secrets"), ApiJson.Compact.Secret, item => item.Metadata);

    [Theory]
    [InlineData("ADDED", nameof(WatchEventType.Added))]
    [InlineData("MODIFIED", nameof(WatchEventType.Modified))]
    [InlineData("DELETED", nameof(WatchEventType.Deleted))]
    public void A_change_carries_object_name_and_version(string type, string expected)
    {
        var read = Read($$$$"""{"type":"{{{{type}}}}","object":{"metadata":{"name":"db","namespace":"team","resourceVersion":"7"}}}""");
        Assert.Equal((expected, new NamespacedName("team", "db"), "7"), (read.Type.ToString(), read.Key, read.ResourceVersion));
        Assert.Equal("db", read.Object?.Metadata.Name);
    }

    [Fact]
    public void The_order_of_type_and_object_does_not_matter() =>
        Assert.Equal("db", Read("""{"object":{"metadata":{"name":"db"}},"more":[{}],"type":"ADDED"}""").Object?.Metadata.Name);

    [Fact]
    public void A_bookmark_carries_a_version_alone()
    {
        var read = Read("""{"type":"BOOKMARK","object":{"kind":"Secret","metadata":{"resourceVersion":"99","creationTimestamp":null}}}""");
        Assert.Equal((WatchEventType.Bookmark, "99", null), (read.Type, read.ResourceVersion, read.Object));
    }

    [Fact]
    public void An_error_carries_its_status()
    {
        var read = Read("""{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old","reason":"Expired","code":410}}""");
        Assert.Equal((WatchEventType.Error, 410, "Expired"), (read.Type, read.Status?.Code, read.Status?.Reason));
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"na""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"db"}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"db"}}} trailing""")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"object":{"metadata":{"name":"db"}}}""")]
    [InlineData("""{"type":"RENAMED","object":{"metadata":{"name":"db"}}}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":7,"object":{"metadata":{"name":"db"}}}""")]
    [InlineData("[]")]
    [InlineData("<html>502 Bad Gateway</html>")]
    public void What_is_no_event_is_garbled(string line) => Assert.Equal(WatchEventType.Garbled, Read(line).Type);

    [Fact]
    public void An_object_that_is_not_of_the_kind_is_told_by_name()
    {
        var read = Read("""{"type":"MODIFIED","object":{"data":"not a map","metadata":{"name":"db","namespace":"team","resourceVersion":"8"}}}""");
        Assert.Equal((WatchEventType.Unreadable, new NamespacedName("team", "db"), "8"), (read.Type, read.Key, read.ResourceVersion));
    }

    [Fact]
    public void The_deletion_of_an_object_that_is_not_of_the_kind_is_a_deletion()
    {
        var read = Read("""{"type":"DELETED","object":{"data":"not a map","metadata":{"name":"db","namespace":"team","resourceVersion":"8"}}}""");
        Assert.Equal((WatchEventType.Deleted, new NamespacedName("team", "db")), (read.Type, read.Key));
    }

    private static WatchEvent<Secret> Read(string line) => WatchLine.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(line)), Secrets);
}
