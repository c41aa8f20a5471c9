using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Sealed;

/// <summary>What a pass waits for.</summary>
public sealed class WriteLedgerTests
{
    private static readonly NamespacedName Key = new("shop", "db");

    [Fact]
    public void What_was_written_is_awaited_for_the_object_that_it_was_written_for()
    {
        var ledger = new WriteLedger(new FakeTimeProvider());
        ledger.SecretWritten(Seen("old", "5"), "9");
        Assert.True(ledger.IsAhead(Seen("old", "5")));
        Assert.True(ledger.IsAwaited(Key));
    }

    [Fact]
    public void One_that_replaced_it_waits_for_nothing_of_its_predecessor()
    {
        var ledger = new WriteLedger(new FakeTimeProvider());
        ledger.SecretWritten(Seen("old", "5"), "9");
        Assert.False(ledger.IsAhead(Seen("new", "12")));
        ledger.SecretWritten(Seen("old", "5"), "9");
        ledger.StatusWritten(Key, "new", "12");
        Assert.False(ledger.IsAhead(Seen("new", "12")));
    }

    [Fact]
    public void A_failure_is_known_until_a_pass_succeeds()
    {
        var ledger = new WriteLedger(new FakeTimeProvider());
        ledger.Unsettle(Key);
        Assert.True(ledger.IsFailing(Key));
        ledger.Settle(Key, new ObservedMark("a", "b"));
        Assert.False(ledger.IsFailing(Key));
        ledger.Unsettle(Key);
        ledger.Forget(Key);
        Assert.False(ledger.IsFailing(Key));
    }

    private static SealedView Seen(string uid, string version) =>
        new(Key, new SealedSecret { Metadata = new ObjectMeta { Namespace = Key.Namespace, Name = Key.Name, Uid = uid, ResourceVersion = version } }, null, "inputs", null, IsRequested: false, SeesEverySecret: true);
}
