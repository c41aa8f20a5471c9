namespace GitOpsSecrets.Providers.Declared;

/// <summary>Where a push goes, and what was found there.</summary>
/// <param name="scope">What is known of it.</param>
/// <param name="outer">A scope that it stands in; null for none.</param>
/// <param name="answer">The last answer of the lookup; null where nothing is there.</param>
internal sealed class FoundPlace(Variables scope, Variables? outer, DeclaredAnswer? answer) : IDisposable
{
    public Variables Scope => scope;

    public DeclaredAnswer? Answer => answer;

    public void Dispose()
    {
        answer?.Dispose();
        scope.Dispose();
        outer?.Dispose();
    }
}
