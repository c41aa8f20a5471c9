using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;

namespace GitOpsSecrets.Controller.Tests.Sealed;

public sealed class SealedStatusTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SealedOutcome Good = new SealedOutcome.Synced(["SHA256:a"], new ObservedMark("x", "y"), Written: true);

    [Fact]
    public void A_first_success_has_Synced_first_and_equal_times()
    {
        var status = SealedStatus.Next(null, 1, Good, Start)!;
        Assert.Equal(["Synced", "Ready", "Stalled"], status.Conditions!.Select(condition => condition.Type));
        Assert.Equal(["True", "True", "False"], status.Conditions!.Select(condition => condition.Status));
        Assert.All(status.Conditions!, condition => Assert.Equal(condition.LastUpdateTime, condition.LastTransitionTime));
        Assert.Null(status.Conditions![0].Message);
        Assert.Equal("2026-06-01T12:00:00Z", status.Conditions![0].LastUpdateTime);
        Assert.Equal(["SHA256:a"], status.SealingKeys!);
        Assert.Equal("x.y", status.ObservedHash);
    }

    [Fact]
    public void Where_no_status_is_wanted_a_success_says_its_generation_and_takes_off_what_nobody_looks_after()
    {
        Assert.Null(SealedStatus.Bare(null, 1)); // the original's definition
        Assert.Equal(new SealedSecretStatus { ObservedGeneration = 1 }, SealedStatus.Bare(new() { ObservedGeneration = -1 }, 1));
        var (good, bad) = (SealedStatus.Next(null, 1, Good, Start), SealedStatus.Next(null, 1, Bad("no"), Start));
        Assert.Null(SealedStatus.Bare(good, 1));
        Assert.Equal(new SealedSecretStatus { ObservedGeneration = 2 }, SealedStatus.Bare(good, 2));
        Assert.Equal(new SealedSecretStatus { ObservedGeneration = 1 }, SealedStatus.Bare(bad, 1));
        var foreign = new StatusCondition { Type = "Theirs", Status = "True" };
        Assert.Equal([foreign], SealedStatus.Bare(bad! with { Conditions = [.. bad.Conditions!, foreign] }, 1)!.Conditions!);
    }

    [Fact]
    public void The_same_outcome_is_not_written_again()
    {
        var status = SealedStatus.Next(null, 1, Good, Start);
        Assert.Null(SealedStatus.Next(status, 1, Good, Start.AddDays(1)));
    }

    [Fact]
    public void A_new_generation_moves_only_the_update_time()
    {
        var status = SealedStatus.Next(null, 1, Good, Start);
        var next = SealedStatus.Next(status, 2, Good, Start.AddSeconds(1))!;
        Assert.Equal(2, next.ObservedGeneration);
        Assert.Equal("2026-06-01T12:00:01Z", next.Conditions![0].LastUpdateTime);
        Assert.Equal("2026-06-01T12:00:00Z", next.Conditions![0].LastTransitionTime);
    }

    [Fact]
    public void A_message_that_changes_is_written()
    {
        var status = SealedStatus.Next(null, 1, Bad("one"), Start);
        var next = SealedStatus.Next(status, 1, Bad("two"), Start.AddSeconds(1))!;
        Assert.Equal("two", next.Conditions![0].Message);
        Assert.Equal("2026-06-01T12:00:00Z", next.Conditions![0].LastTransitionTime);
        Assert.Null(SealedStatus.Next(next, 1, Bad("two"), Start.AddSeconds(2)));
    }

    [Fact]
    public void A_failure_keeps_what_the_Secret_was_last_made_from()
    {
        var status = SealedStatus.Next(null, 1, Good, Start);
        var next = SealedStatus.Next(status, 2, Bad("no"), Start)!;
        Assert.Equal("x.y", next.ObservedHash);
        Assert.Equal(["SHA256:a"], next.SealingKeys!);
        Assert.False(SealedStatus.IsSynced(next));
    }

    [Theory]
    [InlineData(true, "True")]
    [InlineData(false, "False")]
    public void Only_a_final_failure_is_stalled(bool final, string stalled)
    {
        var outcome = new SealedOutcome.Failed(SealedOutcome.ErrUpdateFailed, "e", "m", "update", final);
        var status = SealedStatus.Next(null, 1, outcome, Start)!;
        Assert.Equal(["False", "False", stalled], status.Conditions!.Select(condition => condition.Status));
    }

    [Fact]
    public void A_CRD_without_our_fields_does_not_make_every_pass_a_write()
    {
        var dropped = Dropped(SealedStatus.Next(null, 1, Good, Start)!);
        Assert.NotNull(SealedStatus.Next(dropped, 1, Good, Start));
        var noted = Dropped(SealedStatus.Next(dropped, 1, Good, Start, keepsOurFields: false, requestedAt: "12:00 today")!);
        var note = ObservedNote.Of(noted);
        Assert.Equal((new ObservedMark("x", "y"), "12:00 today", "SHA256:a"), (note.Mark, note.Handled, Assert.Single(note.SealingKeys)));
        Assert.Null(SealedStatus.Next(noted, 1, Good, Start, keepsOurFields: false, requestedAt: "12:00 today"));
        Assert.Null(SealedStatus.Next(noted, 1, Good, Start)); // after a restart, which does not know it yet
    }

    [Fact]
    public void A_note_in_a_condition_goes_once_the_CRD_has_a_field_for_it()
    {
        var noted = SealedStatus.Next(null, 1, Good, Start, keepsOurFields: false)!;
        Assert.Equal(["Synced", "Ready", "Stalled", SealedSecretNote.ConditionType], noted.Conditions!.Select(condition => condition.Type));
        Assert.Equal(["Synced", "Ready", "Stalled"], SealedStatus.Next(noted, 1, Good, Start)!.Conditions!.Select(condition => condition.Type));
    }

    /// <summary>
    /// A failure took it off until it was seen what that costs: no restart could name the key that is missing, as fields of ours do, and a request that was acted upon was open again, so that
    /// a contest over the Secret went on without its pauses.
    /// </summary>
    [Fact]
    public void A_note_in_a_condition_outlives_failures_and_takes_up_the_request_that_failed()
    {
        var noted = Dropped(SealedStatus.Next(null, 1, Good, Start, keepsOurFields: false)!);
        var failed = Dropped(SealedStatus.Next(noted, 1, Bad("no"), Start, requestedAt: "12:00 today")!);
        Assert.Equal(["Synced", "Ready", "Stalled", SealedSecretNote.ConditionType], failed.Conditions!.Select(condition => condition.Type));
        var note = ObservedNote.Of(failed);
        Assert.Equal((new ObservedMark("x", "y"), "12:00 today", "SHA256:a"), (note.Mark, note.Handled, Assert.Single(note.SealingKeys)));
        Assert.Null(SealedStatus.Next(failed, 1, Bad("no"), Start, requestedAt: "12:00 today"));
        Assert.Equal(["Synced", "Ready", "Stalled"], SealedStatus.Next(null, 1, Bad("no"), Start, keepsOurFields: false)!.Conditions!.Select(condition => condition.Type)); // nothing to note yet
    }

    [Fact]
    public void Conditions_of_others_stay_behind_ours()
    {
        var present = new SealedSecretStatus { Conditions = [new() { Type = "Audited", Status = "True" }] };
        var status = SealedStatus.Next(present, 1, Good, Start)!;
        Assert.Equal(["Synced", "Ready", "Stalled", "Audited"], status.Conditions!.Select(condition => condition.Type));
    }

    /// <summary>As an API server keeps it whose CRD is the original's.</summary>
    private static SealedSecretStatus Dropped(SealedSecretStatus status) => status with { ObservedHash = null, SealingKeys = null, LastHandledReconcileAt = null };

    private static SealedOutcome.Failed Bad(string message) => new(SealedOutcome.ErrUnsealFailed, "e", message, "unseal", Final: true);
}
