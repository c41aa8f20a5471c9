namespace GitOpsSecrets.Providers;

/// <summary>A source that can say whether its store would answer, at the price of a call.</summary>
public interface IValidate : ISecretSource
{
    Task<StoreValidity> ValidateAsync(CancellationToken cancellationToken);
}
