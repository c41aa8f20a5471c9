using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>The provider: exactly one of the fields. Only for definitions (CRDs); what is read is a <see cref="ProviderBlock"/>.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed record StoreProviders
{
    public AkeylessStore? Akeyless { get; init; }
    public AlibabaStore? Alibaba { get; init; }
    public AwsStore? Aws { get; init; }
    public AzureStore? Azurekv { get; init; }
    public BarbicanStore? Barbican { get; init; }
    public BeyondtrustStore? Beyondtrust { get; init; }
    public BeyondtrustWorkloadCredentialsStore? Beyondtrustworkloadcredentials { get; init; }
    public BitwardenStore? Bitwardensecretsmanager { get; init; }
    public ChefStore? Chef { get; init; }
    public CloudruStore? Cloudrusm { get; init; }
    public ConjurStore? Conjur { get; init; }
    public CrdStore? Crd { get; init; }
    public DeclaredStore? Declared { get; init; }
    public DelineaStore? Delinea { get; init; }
    public Device42Store? Device42 { get; init; }
    public DopplerStore? Doppler { get; init; }
    public DvlsStore? Dvls { get; init; }
    public FakeStore? Fake { get; init; }
    public FortanixStore? Fortanix { get; init; }
    public GcpStore? Gcpsm { get; init; }
    public GithubStore? Github { get; init; }
    public GitlabStore? Gitlab { get; init; }
    public IbmStore? Ibm { get; init; }
    public InfisicalStore? Infisical { get; init; }
    public KeeperStore? Keepersecurity { get; init; }
    public KubernetesStore? Kubernetes { get; init; }
    public NebiusStore? Nebiusmysterybox { get; init; }
    public NgrokStore? Ngrok { get; init; }
    public OnboardbaseStore? Onboardbase { get; init; }
    public OnepasswordStore? Onepassword { get; init; }
    public OnepasswordSdkStore? OnepasswordSDK { get; init; }
    public OpenBaoStore? OpenBao { get; init; }
    public OracleStore? Oracle { get; init; }
    public OvhStore? Ovh { get; init; }
    public PassboltStore? Passbolt { get; init; }
    public PasswordDepotStore? Passworddepot { get; init; }
    public PreviderStore? Previder { get; init; }
    public PulumiStore? Pulumi { get; init; }
    public ScalewayStore? Scaleway { get; init; }
    public SecretServerStore? Secretserver { get; init; }
    public SenhaseguraStore? Senhasegura { get; init; }
    public VaultStore? Vault { get; init; }
    public VolcengineStore? Volcengine { get; init; }
    public WebhookStore? Webhook { get; init; }
    public YandexCertificateManagerStore? Yandexcertificatemanager { get; init; }
    public YandexLockboxStore? Yandexlockbox { get; init; }
}
