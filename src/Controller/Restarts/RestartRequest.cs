using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Restarts;

/// <summary>Whom a change of a Secret is to restart, as the annotation of its source says.</summary>
/// <param name="Users">All that use the Secret.</param>
/// <param name="Named">These, whether they use it or not.</param>
/// <param name="Odd">Words of the annotation that say nothing.</param>
internal sealed record RestartRequest(bool Users, IReadOnlyList<Workload> Named, IReadOnlyList<string> Odd)
{
    /// <summary>On a SealedSecret, ExternalSecret or SopsSecret: <c>users</c>, or <c>Deployment/web, StatefulSet/db</c>, or both.</summary>
    public const string Annotation = "gitopssecrets.io/restart";

    private const string UsersWord = "users";

    /// <returns>null when nothing is asked for.</returns>
    public static RestartRequest? Of(ObjectMeta source)
    {
        if (source.Annotation(Annotation) is not { } text || string.IsNullOrWhiteSpace(text)) return null;
        var (users, named, odd) = (false, new List<Workload>(), new List<string>());
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (word == UsersWord) users = true;
            else if (Read(word) is { } workload) named.Add(workload);
            else odd.Add(word);
        }
        return new RestartRequest(users, named, odd);
    }

    private static Workload? Read(string word) =>
        word.Split('/') is [var kind, { Length: > 0 and <= 253 } name] && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        && !kind.Any(char.IsAsciiDigit) && Enum.TryParse<WorkloadKind>(kind, ignoreCase: true, out var known)
            ? new Workload(known, name)
            : null;
}
