namespace GitOpsSecrets.Seal.Cli.Resealing;

/// <summary>Objects counted from many threads.</summary>
internal sealed class ResealTally
{
    private int _changed;
    private int _current;
    private int _failed;

    public int Failed => _failed;

    public void AddChanged(int objects) => Interlocked.Add(ref _changed, objects);

    public void AddCurrent() => Interlocked.Increment(ref _current);

    public void AddFailed() => Interlocked.Increment(ref _failed);

    public override string ToString() => $"{_changed} changed, {_current} current, {_failed} failed";
}
