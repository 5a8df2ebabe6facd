"""The certificate that a labour contract has ended (解除、终止劳动合同的证明, LCL-50)."""
