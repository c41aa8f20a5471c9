namespace GitOpsSecrets.Providers.Aws;

/// <summary>One request to a service of AWS that speaks JSON.</summary>
/// <param name="Operation">As AWS names it, such as <c>GetSecretValue</c>; also the name under which it is counted.</param>
/// <param name="Body">JSON; zeroed once it is through.</param>
internal sealed record AwsCall(string Operation, byte[] Body)
{
    /// <summary>Codes of errors that the caller takes for an answer (<see cref="AwsAnswer.Error"/>); all others are thrown.</summary>
    public IReadOnlyCollection<string> Expected { get; init; } = [];

    /// <summary>Whether a value goes with it: AWS's reasons for refusing it can quote what they refuse, so only the code is told.</summary>
    public bool CarriesValue { get; init; }

    /// <summary>Whether success has no body.</summary>
    public bool AnswersNothing { get; init; }

    public override string ToString() => Operation;
}
